package dev.sayso.audiorecorder

import android.content.Context
import android.media.AudioFormat
import android.media.AudioManager
import android.media.AudioRecord
import android.media.AudioRecordingConfiguration
import android.media.AudioRouting
import android.media.MediaRecorder
import android.os.Build
import android.os.Handler
import android.os.Looper
import dev.sayso.audiorecorder.RecorderError.Code

/**
 * The phone's microphone, heard at 16 kHz in 16 bit and held until [close].
 *
 * @param lost hears, on the main thread and perhaps more than once, that somebody else took it.
 * @throws RecorderError if there is none, or somebody else has it.
 */
internal class Microphone(private val context: Context, private val lost: (RecorderError) -> Unit) :
  SoundSource {
  private val audio = context.getSystemService(Context.AUDIO_SERVICE) as AudioManager
  private val record = open()
  private var device: Int? = null

  private val onFocus = AudioManager.OnAudioFocusChangeListener { change ->
    if (change == AudioManager.AUDIOFOCUS_LOSS || change == AudioManager.AUDIOFOCUS_LOSS_TRANSIENT) {
      lost(RecorderError(Code.INTERRUPTED, "A call or another app took the microphone."))
    }
  }
  private val onRoute = AudioRouting.OnRoutingChangedListener { route ->
    val now = route.routedDevice?.id ?: return@OnRoutingChangedListener
    // The first one is where the recording began.
    val before = device ?: now
    device = now
    if (now != before) {
      lost(RecorderError(Code.ROUTE_CHANGED, "Another microphone was plugged in or out."))
    }
  }

  init {
    try {
      listen()
    } catch (refused: RecorderError) {
      close()
      throw refused
    }
  }

  override fun read(sound: ShortArray): Int {
    val count = record.read(sound, 0, sound.size)
    if (count >= 0) return count
    throw RecorderError(Code.INTERRUPTED, "The sound system of the phone restarted ($count).")
  }

  /** What played before may go on. */
  override fun close() {
    record.removeOnRoutingChangedListener(onRoute)
    record.release()
    @Suppress("DEPRECATION")
    audio.abandonAudioFocus(onFocus)
  }

  private fun open(): AudioRecord {
    val least =
      AudioRecord.getMinBufferSize(
        WavFile.SAMPLE_RATE,
        AudioFormat.CHANNEL_IN_MONO,
        AudioFormat.ENCODING_PCM_16BIT,
      )
    val second = 2 * WavFile.SAMPLE_RATE // So that a slow disk loses nothing.
    try {
      return AudioRecord(
        MediaRecorder.AudioSource.VOICE_RECOGNITION,
        WavFile.SAMPLE_RATE,
        AudioFormat.CHANNEL_IN_MONO,
        AudioFormat.ENCODING_PCM_16BIT,
        maxOf(least, second),
      )
    } catch (refused: IllegalArgumentException) {
      throw RecorderError(Code.UNAVAILABLE, "No microphone was found.")
    }
  }

  private fun listen() {
    if (record.state != AudioRecord.STATE_INITIALIZED) {
      throw RecorderError(Code.UNAVAILABLE, "No microphone was found.")
    }
    // Exclusive: no other sound is to be recorded too. AudioFocusRequest begins at Android 8.
    @Suppress("DEPRECATION")
    val focus =
      audio.requestAudioFocus(
        onFocus,
        AudioManager.STREAM_MUSIC,
        AudioManager.AUDIOFOCUS_GAIN_TRANSIENT_EXCLUSIVE,
      )
    if (focus != AudioManager.AUDIOFOCUS_REQUEST_GRANTED) throw busy()
    record.addOnRoutingChangedListener(onRoute, Handler(Looper.getMainLooper()))
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
      record.registerAudioRecordingCallback(context.mainExecutor, Silenced(record, lost))
    }
    record.startRecording()
    if (record.recordingState != AudioRecord.RECORDSTATE_RECORDING) throw busy()
  }

  private fun busy() =
    RecorderError(Code.UNAVAILABLE, "A call or another app is using the microphone.")

  /** From Android 10 on, another app may record too, and this one is given silence. */
  private class Silenced(
    private val record: AudioRecord,
    private val lost: (RecorderError) -> Unit,
  ) : AudioManager.AudioRecordingCallback() {
    override fun onRecordingConfigChanged(configs: List<AudioRecordingConfiguration>) {
      val own = configs.find { it.clientAudioSessionId == record.audioSessionId }
      if (own?.isClientSilenced == true) {
        lost(RecorderError(Code.INTERRUPTED, "Another app took the microphone."))
      }
    }
  }
}
