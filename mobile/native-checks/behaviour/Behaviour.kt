/** What the Kotlin does where no phone is needed: recordings and their files, on plain Java. */
package dev.sayso.audiorecorder

import android.system.ErrnoException
import android.system.OsConstants
import dev.sayso.audiorecorder.RecorderError.Code
import java.io.File
import java.io.IOException
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import javax.sound.sampled.AudioSystem
import kotlin.io.path.createTempDirectory
import kotlin.system.exitProcess

private const val PIECE = WavFile.SAMPLE_RATE / 15

/** Hears what a test says, and then waits, or is lost if the test says null. */
private class Script(vararg pieces: ShortArray) : SoundSource {
  private val said = LinkedBlockingQueue<Any>(pieces.toList())
  @Volatile var closed = false

  fun say(piece: ShortArray) = said.put(piece)

  fun fail() = said.put(RecorderError(Code.INTERRUPTED, "The sound system restarted."))

  override fun read(sound: ShortArray): Int {
    val next = said.poll(10, TimeUnit.MILLISECONDS) ?: return 0
    if (next is RecorderError) throw next
    (next as ShortArray).copyInto(sound)
    return next.size
  }

  override fun close() {
    closed = true
  }
}

private class Notes : RecorderListener {
  val levels = LinkedBlockingQueue<Pair<Double, Int>>()
  val interruptions = LinkedBlockingQueue<Pair<Code, Recording?>>()

  override fun onLevel(peak: Double, elapsedMs: Int) = levels.put(peak to elapsedMs)

  override fun onInterrupted(error: RecorderError, kept: Recording?) =
    interruptions.put(error.code to kept)

  /** Wait until this much was written. */
  fun until(milliseconds: Int) {
    while (checkNotNull(levels.poll(10, TimeUnit.SECONDS)).second < milliseconds) continue
  }
}

private fun samples(value: Int, count: Int = PIECE) = ShortArray(count) { value.toShort() }

private fun samplesOf(recording: Recording): List<Int> {
  val sound = AudioSystem.getAudioInputStream(recording.file)
  check(sound.format.toString().startsWith("PCM_SIGNED 16000.0 Hz, 16 bit, mono, 2 bytes/frame")) {
    sound.format
  }
  check(!sound.format.isBigEndian)
  check(recording.file.length() == recording.bytes.toLong())
  val bytes = sound.readAllBytes()
  check(bytes.size.toLong() == 2 * sound.frameLength)
  return bytes.toList().chunked(2) { (low, high) -> (high.toInt() shl 8) or (low.toInt() and 255) }
}

private val behaviours =
  mapOf<String, (File) -> Unit>(
    "what was said is a WAV file that others read" to { folder ->
      val notes = Notes()
      val take = Take(WavFile(folder), Long.MAX_VALUE, notes)
      val source = Script(samples(16_384), shortArrayOf(-2, Short.MIN_VALUE))
      take.begin(source)
      notes.until(66)
      notes.until(66)
      check(take.claim())
      val recording = take.recording()
      check(samplesOf(recording) == List(PIECE) { 16_384 } + listOf(-2, -32_768))
      check(recording.file.name == "task.wav" && recording.durationMs == 66)
      check(source.closed)
      check(!take.claim())
    },
    "the level is the loudest sample" to { folder ->
      val notes = Notes()
      val take = Take(WavFile(folder), Long.MAX_VALUE, notes)
      take.begin(Script(shortArrayOf(1, -16_384, 8_192)))
      check(notes.levels.poll(10, TimeUnit.SECONDS) == 0.5 to 0)
      take.claim()
      take.join()
    },
    "at the limit it stops growing to the sample, frees the microphone, and waits" to { folder ->
      val notes = Notes()
      val take = Take(WavFile(folder), PIECE + 100L, notes)
      val source = Script(samples(1), samples(2), samples(3))
      take.begin(source)
      take.join()
      check(source.closed && take.isOpen)
      take.interrupt(RecorderError(Code.ROUTE_CHANGED, "Too late."))
      check(notes.interruptions.isEmpty())
      check(take.claim())
      check(samplesOf(take.recording()) == List(PIECE) { 1 } + List(100) { 2 })
    },
    "an interruption hands over what was said, once" to { folder ->
      val notes = Notes()
      val take = Take(WavFile(folder), Long.MAX_VALUE, notes)
      take.begin(Script(samples(7)))
      notes.until(66)
      take.interrupt(RecorderError(Code.ROUTE_CHANGED, "Unplugged."))
      take.interrupt(RecorderError(Code.INTERRUPTED, "And a call."))
      take.join()
      val (code, kept) = notes.interruptions.single()
      check(code == Code.ROUTE_CHANGED)
      check(samplesOf(checkNotNull(kept)).take(PIECE) == List(PIECE) { 7 })
      check(!take.claim() && !take.isOpen)
    },
    "a microphone that is lost before a word hands over nothing" to { folder ->
      val notes = Notes()
      val take = Take(WavFile(folder), Long.MAX_VALUE, notes)
      take.begin(Script().apply { fail() })
      take.join()
      check(notes.interruptions.single() == Code.INTERRUPTED to null)
      check(folder.list().orEmpty().isEmpty())
    },
    "a cancelled recording leaves nothing" to { folder ->
      val take = Take(WavFile(folder), Long.MAX_VALUE, Notes())
      take.begin(Script(samples(1)))
      check(take.claim())
      take.delete()
      check(folder.list().orEmpty().isEmpty())
    },
    "what a killed process left is swept away, and no whole recording is" to { folder ->
      WavFile(folder).append(samples(1), PIECE)
      val whole = WavFile(folder).apply { append(samples(2), PIECE) }.finish()
      WavFile.sweep(folder)
      check(folder.listFiles().orEmpty().toList() == listOf(whole.parentFile))
      check(whole.exists())
    },
    "a full disk is named" to { _ ->
      val full = IOException("write failed", ErrnoException("write", OsConstants.ENOSPC))
      check(Take.named(full).code == Code.DISK_FULL)
      check(Take.named(IOException("write failed")).code == Code.UNAVAILABLE)
    },
  )

fun main() {
  for ((name, behaviour) in behaviours) {
    val folder = createTempDirectory().toFile()
    try {
      behaviour(folder)
    } catch (wrong: Throwable) {
      System.err.println("It does not hold that $name: ${wrong.stackTraceToString()}")
      exitProcess(1) // Even if a recording goes on.
    } finally {
      folder.deleteRecursively()
    }
  }
  println("${behaviours.size} of their behaviours hold")
}
