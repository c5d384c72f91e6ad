package android.system

class ErrnoException(functionName: String, @JvmField val errno: Int) : Exception(functionName)

object OsConstants {
  @JvmField val ENOSPC = 28
}
