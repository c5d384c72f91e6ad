package android.os

class Build {
  object VERSION {
    @JvmField val SDK_INT = 36
  }

  object VERSION_CODES {
    const val Q = 29
  }
}

class Looper private constructor() {
  companion object {
    fun getMainLooper(): Looper = throw NotImplementedError()
  }
}

class Handler(@Suppress("unused") val looper: Looper)
