package dev.sayso.audiorecorder

import android.Manifest.permission.RECORD_AUDIO
import android.content.Context
import android.content.pm.PackageManager
import dev.sayso.audiorecorder.RecorderError.Code
import java.io.File
import java.io.IOException

internal data class Recording(val file: File, val durationMs: Int, val bytes: Int)

/** Whoever hears of a recording while it is made, on any thread. */
internal interface RecorderListener {
  /** About 15 times a second; [peak] is 0 to 1. */
  fun onLevel(peak: Double, elapsedMs: Int)

  /** It ended by itself; [kept] is what was said until then, or null if that was nothing. */
  fun onInterrupted(error: RecorderError, kept: Recording?)
}

/**
 * Records the microphone into a `task.wav` below [folder], one recording at a time. It knows no
 * Expo. [start], [stop] and [cancel] are called on one thread, [interrupt] on any.
 */
internal class AudioRecorder(
  private val context: Context,
  private val folder: File,
  private val listener: RecorderListener,
) {
  @Volatile private var take: Take? = null

  /**
   * Start recording.
   *
   * @param maxMs the recording stops growing there.
   * @throws RecorderError
   */
  fun start(maxMs: Int?) {
    if (take?.isOpen == true) {
      throw RecorderError(Code.ALREADY_RECORDING, "A recording is in progress.")
    }
    if (context.checkSelfPermission(RECORD_AUDIO) != PackageManager.PERMISSION_GRANTED) {
      throw RecorderError(Code.PERMISSION_DENIED, "The microphone was not allowed.")
    }
    take?.join() // One that was interrupted may still hold the microphone.
    WavFile.sweep(folder)
    val file = makeFile()
    val most = maxMs?.let { it.toLong() * WavFile.SAMPLE_RATE / 1000 } ?: Long.MAX_VALUE
    val next = Take(file, most, listener)
    try {
      next.begin(Microphone(context, next::interrupt))
    } catch (refused: RecorderError) {
      file.delete()
      throw refused
    }
    take = next
  }

  /**
   * Finish.
   *
   * @return the recording, whose file is the caller's from here on.
   * @throws RecorderError
   */
  fun stop(): Recording =
    claimed()?.recording() ?: throw RecorderError(Code.NOT_RECORDING, "Nothing is being recorded.")

  /** Finish and forget what was recorded; nothing happens if nothing is. */
  fun cancel() {
    claimed()?.delete()
  }

  /** End a recording in progress by something other than the person; what was said is kept. */
  fun interrupt(error: RecorderError) {
    take?.interrupt(error)
  }

  private fun claimed(): Take? = take?.takeIf { it.claim() }

  private fun makeFile(): WavFile {
    try {
      return WavFile(folder)
    } catch (failed: IOException) {
      throw Take.named(failed)
    }
  }
}
