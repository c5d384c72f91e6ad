package android.content

import java.io.File
import java.util.concurrent.Executor

abstract class Context {
  abstract val noBackupFilesDir: File
  abstract val mainExecutor: Executor

  abstract fun checkSelfPermission(permission: String): Int

  abstract fun getSystemService(name: String): Any?

  companion object {
    const val AUDIO_SERVICE = "audio"
  }
}
