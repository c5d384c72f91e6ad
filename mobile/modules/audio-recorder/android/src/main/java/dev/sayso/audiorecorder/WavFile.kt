package dev.sayso.audiorecorder

import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.UUID

/**
 * A 16 kHz, mono, 16 bit PCM file that is written as the sound comes, in a folder of its own below
 * [parent]. Every call may throw an IOException; what was written before stays.
 *
 * It is called `task.wav` only when it is whole: what a killed process leaves behind has another
 * name, and the next recording sweeps it away.
 */
internal class WavFile(parent: File) {
  var samples = 0
    private set
  val durationMs get() = (samples * 1000L / SAMPLE_RATE).toInt()
  val bytes get() = HEADER_BYTES + 2 * samples

  private val folder = File(parent, UUID.randomUUID().toString())
  private val part = File(folder, "$NAME.part")
  private val file: RandomAccessFile

  init {
    if (!folder.mkdirs()) throw IOException("No folder can be made in $parent.")
    file = RandomAccessFile(part, "rw")
    file.write(header())
  }

  /** Write the first [count] of [sound], all of them or none. */
  fun append(sound: ShortArray, count: Int) {
    val pcm = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN)
    pcm.asShortBuffer().put(sound, 0, count)
    file.write(pcm.array())
    samples += count
  }

  /** Make it a file that anybody can read; whoever gets it owns it. */
  fun finish(): File {
    // A write that failed may have left the half of its samples behind.
    file.setLength(bytes.toLong())
    file.seek(0)
    file.write(header())
    file.close()
    val whole = File(folder, NAME)
    if (!part.renameTo(whole)) throw IOException("$part can't be renamed.")
    return whole
  }

  /** Forget it, finished or not. */
  fun delete() {
    file.close()
    folder.deleteRecursively()
  }

  /** RIFF ("Multimedia Programming Interface and Data Specifications 1.0", 1991). */
  private fun header(): ByteArray =
    ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN)
      .put("RIFF".toByteArray())
      .putInt(bytes - 8)
      .put("WAVEfmt ".toByteArray())
      .putInt(16)
      .putShort(1) // PCM
      .putShort(1) // channels
      .putInt(SAMPLE_RATE)
      .putInt(2 * SAMPLE_RATE)
      .putShort(2)
      .putShort(16)
      .put("data".toByteArray())
      .putInt(2 * samples)
      .array()

  companion object {
    const val SAMPLE_RATE = 16_000
    private const val HEADER_BYTES = 44
    private const val NAME = "task.wav"

    /** Delete the folders below [parent] that hold no whole recording, or no longer. */
    fun sweep(parent: File) {
      parent.listFiles().orEmpty().filterNot { File(it, NAME).exists() }.forEach { it.deleteRecursively() }
    }
  }
}
