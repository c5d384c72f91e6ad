package dev.sayso.audiorecorder

/** Why there is no recording, or no more of it; the codes are those of `src/recording.ts`. */
internal class RecorderError(val code: Code, override val message: String) : Exception(message) {
  enum class Code(val value: String) {
    PERMISSION_DENIED("permission_denied"),
    INTERRUPTED("interrupted"),
    ROUTE_CHANGED("route_changed"),
    DISK_FULL("disk_full"),
    UNAVAILABLE("unavailable"),
    NOT_RECORDING("not_recording"),
    ALREADY_RECORDING("already_recording"),
  }
}
