package dev.sayso.audiorecorder

import android.system.ErrnoException
import android.system.OsConstants
import dev.sayso.audiorecorder.RecorderError.Code
import java.io.IOException
import java.util.concurrent.atomic.AtomicReference
import kotlin.math.abs

/** Where sound comes from: a [Microphone]. */
internal interface SoundSource {
  /**
   * Wait for the next sound.
   *
   * @return how many samples of [sound] were filled.
   * @throws RecorderError if no more will come.
   */
  fun read(sound: ShortArray): Int

  /** Free it for others. */
  fun close()
}

/**
 * One recording: a thread that writes what the microphone hears, until the first reason to end.
 *
 * @param mostSamples where the recording stops growing.
 */
internal class Take(
  private val file: WavFile,
  private val mostSamples: Long,
  private val listener: RecorderListener,
) {
  private sealed interface End {
    /** It has grown as long as it may, and waits for whoever claims it. */
    object Full : End

    /** The person ended it. */
    object Claimed : End

    class Lost(val error: RecorderError) : End
  }

  private val end = AtomicReference<End?>()
  private lateinit var thread: Thread

  /** Whether it can still be claimed. */
  val isOpen get() = end.get().let { it == null || it == End.Full }

  /** Begin to write; the source is closed when that ends. */
  fun begin(source: SoundSource) {
    thread = Thread({ record(source) }, "audio-recorder").apply { start() }
  }

  /** End it, for one caller only: the others, and those who come too late, get false. */
  fun claim(): Boolean =
    end.compareAndSet(null, End.Claimed) || end.compareAndSet(End.Full, End.Claimed)

  /** End it and hand over what was said, if it is still growing. */
  fun interrupt(error: RecorderError) {
    end.compareAndSet(null, End.Lost(error))
  }

  /** Wait until the microphone is free. */
  fun join() = thread.join()

  /** What was said, after [claim]. */
  fun recording(): Recording {
    join()
    try {
      return finish()
    } catch (failed: IOException) {
      throw named(failed)
    }
  }

  /** Delete it, after [claim]. */
  fun delete() {
    join()
    file.delete()
  }

  private fun record(source: SoundSource) {
    val sound = ShortArray(WavFile.SAMPLE_RATE / LEVELS_PER_SECOND)
    try {
      while (end.get() == null) write(sound, source.read(sound))
    } catch (lost: RecorderError) {
      interrupt(lost)
    } catch (failed: IOException) {
      interrupt(named(failed))
    }
    source.close()
    (end.get() as? End.Lost)?.let { handOver(it.error) }
  }

  private fun write(sound: ShortArray, heard: Int) {
    val count = minOf(heard.toLong(), mostSamples - file.samples).toInt()
    file.append(sound, count)
    val peak = (0 until count).maxOfOrNull { abs(sound[it].toInt()) } ?: 0
    listener.onLevel(peak / 32768.0, file.durationMs)
    if (file.samples >= mostSamples) end.compareAndSet(null, End.Full)
  }

  private fun handOver(error: RecorderError) {
    val kept =
      try {
        if (file.samples > 0) finish() else null
      } catch (failed: IOException) {
        null // The listener hears why it ended; that nothing could be kept is said by null.
      }
    if (kept == null) file.delete()
    listener.onInterrupted(error, kept)
  }

  private fun finish() = Recording(file.finish(), file.durationMs, file.bytes)

  companion object {
    private const val LEVELS_PER_SECOND = 15

    /** What a failure of the file system is called. */
    fun named(failed: IOException): RecorderError =
      if ((failed.cause as? ErrnoException)?.errno == OsConstants.ENOSPC) {
        RecorderError(Code.DISK_FULL, "There is no room left on this phone.")
      } else {
        RecorderError(Code.UNAVAILABLE, "The recording can't be written: ${failed.message}")
      }
  }
}
