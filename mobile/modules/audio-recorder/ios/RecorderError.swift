/// Why there is no recording, or no more of it; the codes are those of `src/recording.ts`.
struct RecorderError: Error {
  enum Code: String {
    case permissionDenied = "permission_denied"
    case permissionBlocked = "permission_blocked"
    case interrupted
    case routeChanged = "route_changed"
    case diskFull = "disk_full"
    case unavailable
    case notRecording = "not_recording"
    case alreadyRecording = "already_recording"
  }

  let code: Code
  let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
