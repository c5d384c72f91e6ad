package android.media

import android.os.Handler
import java.util.concurrent.Executor

class AudioFormat {
  companion object {
    const val CHANNEL_IN_MONO = 16
    const val ENCODING_PCM_16BIT = 2
  }
}

class MediaRecorder {
  object AudioSource {
    const val VOICE_RECOGNITION = 6
  }
}

class AudioDeviceInfo private constructor(val id: Int)

interface AudioRouting {
  val routedDevice: AudioDeviceInfo?

  fun interface OnRoutingChangedListener {
    fun onRoutingChanged(router: AudioRouting)
  }
}

class AudioRecordingConfiguration
private constructor(val clientAudioSessionId: Int, val isClientSilenced: Boolean)

abstract class AudioManager {
  fun interface OnAudioFocusChangeListener {
    fun onAudioFocusChange(focusChange: Int)
  }

  abstract class AudioRecordingCallback {
    open fun onRecordingConfigChanged(configs: List<AudioRecordingConfiguration>) = Unit
  }

  @Deprecated("Since API 26: AudioFocusRequest.")
  abstract fun requestAudioFocus(
    listener: OnAudioFocusChangeListener?,
    streamType: Int,
    durationHint: Int,
  ): Int

  @Deprecated("Since API 26: abandonAudioFocusRequest.")
  abstract fun abandonAudioFocus(listener: OnAudioFocusChangeListener?): Int

  companion object {
    const val STREAM_MUSIC = 3
    const val AUDIOFOCUS_GAIN_TRANSIENT_EXCLUSIVE = 4
    const val AUDIOFOCUS_LOSS = -1
    const val AUDIOFOCUS_LOSS_TRANSIENT = -2
    const val AUDIOFOCUS_REQUEST_GRANTED = 1
  }
}

class AudioRecord(
  audioSource: Int,
  sampleRateInHz: Int,
  channelConfig: Int,
  audioFormat: Int,
  bufferSizeInBytes: Int,
) : AudioRouting {
  override val routedDevice: AudioDeviceInfo? = null
  val state = audioSource + sampleRateInHz + channelConfig + audioFormat + bufferSizeInBytes
  val recordingState = 0
  val audioSessionId = 0

  fun addOnRoutingChangedListener(
    listener: AudioRouting.OnRoutingChangedListener?,
    handler: Handler?,
  ): Unit = throw NotImplementedError("$listener $handler")

  fun removeOnRoutingChangedListener(listener: AudioRouting.OnRoutingChangedListener?): Unit =
    throw NotImplementedError("$listener")

  fun registerAudioRecordingCallback(
    executor: Executor,
    callback: AudioManager.AudioRecordingCallback,
  ): Unit = throw NotImplementedError("$executor $callback")

  fun startRecording(): Unit = throw NotImplementedError()

  fun read(audioData: ShortArray, offsetInShorts: Int, sizeInShorts: Int): Int =
    throw NotImplementedError("$audioData $offsetInShorts $sizeInShorts")

  fun release(): Unit = throw NotImplementedError()

  companion object {
    const val STATE_INITIALIZED = 1
    const val RECORDSTATE_RECORDING = 3

    fun getMinBufferSize(sampleRateInHz: Int, channelConfig: Int, audioFormat: Int): Int =
      sampleRateInHz + channelConfig + audioFormat
  }
}
