import AVFoundation

/// Records the microphone into a `task.wav`, one recording at a time. It knows no Expo.
///
/// Everything happens on `queue`, also what the system reports: an interruption and a stop meet
/// there one after the other, and only the first of them gets the recording.
final class AudioRecorder {
  struct Recording {
    let url: URL
    let durationMs: Int
    let bytes: Int
  }

  struct Level {
    /// 0 to 1.
    let peak: Double
    let elapsedMs: Int
  }

  enum Permission: String {
    case granted, blocked
  }

  let queue = DispatchQueue(label: "sayso.audio-recorder", qos: .userInitiated)
  /// Called on `queue`, about ten times a second.
  var onLevel: (Level) -> Void = { _ in }
  /// Called on `queue`, with what was kept, if anything.
  var onInterrupted: (RecorderError, Recording?) -> Void = { _, _ in }

  /// One recording in progress.
  private final class Take {
    let file: WavFile
    let mostSamples: Int
    /// Nil once the limit is reached.
    var microphone: Microphone?

    init(file: WavFile, mostSamples: Int) {
      self.file = file
      self.mostSamples = mostSamples
    }
  }

  private let folder: URL
  private var take: Take?
  private var observers: [NSObjectProtocol] = []

  /// - Parameter folder: where recordings wait for whoever takes them over.
  init(folder: URL) {
    self.folder = folder
  }

  /// Ask for the microphone, if that was not answered before. The system asks once: after a no
  /// only its settings help.
  func requestPermission(answer: @escaping (Permission) -> Void) {
    AVAudioSession.sharedInstance().requestRecordPermission { granted in
      answer(granted ? .granted : .blocked)
    }
  }

  /// Start recording.
  ///
  /// - Parameter maxMs: the recording stops growing there.
  /// - Throws: a RecorderError.
  func start(maxMs: Int?) throws {
    dispatchPrecondition(condition: .onQueue(queue))
    if take != nil { throw RecorderError(.alreadyRecording, "A recording is in progress.") }
    try checkPermission()
    WavFile.sweep(folder)
    let file = try makeFile()
    let most = maxMs.map { $0 * WavFile.sampleRate / 1000 } ?? Int.max
    let take = Take(file: file, mostSamples: most)
    let microphone = Microphone()
    do {
      try microphone.open { [weak self, weak take] sound in
        self?.queue.async { self?.append(sound, to: take) }
      }
    } catch {
      file.delete()
      throw error
    }
    take.microphone = microphone
    self.take = take
    observe(microphone.engine)
  }

  /// Finish when the sound that is on its way has come.
  ///
  /// - Parameter answer: gets the recording, whose file is the caller's, or a RecorderError.
  func stop(answer: @escaping (Result<Recording, RecorderError>) -> Void) {
    queue.asyncAfter(deadline: .now() + Microphone.delay) { [weak self] in
      guard let self, let take = self.take else {
        return answer(.failure(RecorderError(.notRecording, "Nothing is being recorded.")))
      }
      self.end(take)
      answer(self.recording(of: take))
    }
  }

  /// Finish and forget what was recorded; nothing happens if nothing is.
  func cancel() {
    dispatchPrecondition(condition: .onQueue(queue))
    guard let take else { return }
    end(take)
    take.file.delete()
  }

  /// End a recording in progress by something other than the person; what was said is kept.
  func interrupt(_ error: RecorderError) {
    dispatchPrecondition(condition: .onQueue(queue))
    guard let take, take.microphone != nil else { return }
    end(take)
    if take.file.samples > 0, case .success(let kept) = recording(of: take) {
      onInterrupted(error, kept)
    } else {
      take.file.delete()
      onInterrupted(error, nil)
    }
  }

  private func checkPermission() throws {
    switch AVAudioSession.sharedInstance().recordPermission {
    case .granted:
      return
    case .denied:
      throw RecorderError(.permissionBlocked, "The settings do not allow the microphone.")
    default:
      throw RecorderError(.permissionDenied, "The microphone was not asked for yet.")
    }
  }

  private func makeFile() throws -> WavFile {
    do {
      return try WavFile(in: folder)
    } catch {
      throw named(error)
    }
  }

  private func append(_ sound: [Int16], to whose: Take?) {
    // Sound that was on its way when its recording ended, or reached its limit.
    guard let take, take === whose, take.microphone != nil else { return }
    let fits = Array(sound.prefix(take.mostSamples - take.file.samples))
    do {
      try take.file.append(fits)
    } catch {
      return interrupt(named(error))
    }
    let peak = fits.reduce(0) { max($0, abs(Int($1))) }
    onLevel(Level(peak: Double(peak) / 32768, elapsedMs: take.file.durationMs))
    if take.file.samples == take.mostSamples { silence(take) }
  }

  private func end(_ take: Take) {
    silence(take)
    self.take = nil
  }

  private func silence(_ take: Take) {
    observers.forEach { NotificationCenter.default.removeObserver($0) }
    observers = []
    take.microphone?.close()
    take.microphone = nil
  }

  private func recording(of take: Take) -> Result<Recording, RecorderError> {
    do {
      let url = try take.file.finish()
      return .success(
        Recording(url: url, durationMs: take.file.durationMs, bytes: take.file.bytes)
      )
    } catch {
      return .failure(named(error))
    }
  }

  private func named(_ error: Error) -> RecorderError {
    WavFile.isDiskFull(error)
      ? RecorderError(.diskFull, "There is no room left on this phone.")
      : RecorderError(.unavailable, error.localizedDescription)
  }

  private func observe(_ engine: AVAudioEngine) {
    let call = RecorderError(.interrupted, "A call or another app took the microphone.")
    let route = RecorderError(.routeChanged, "Another microphone was plugged in or out.")
    let restart = RecorderError(.interrupted, "The sound system of the phone restarted.")
    let began = AVAudioSession.InterruptionType.began.rawValue
    let gone = AVAudioSession.RouteChangeReason.oldDeviceUnavailable.rawValue

    on(AVAudioSession.interruptionNotification, becauseOf: call) { notice in
      notice.userInfo?[AVAudioSessionInterruptionTypeKey] as? UInt == began
    }
    on(AVAudioSession.routeChangeNotification, becauseOf: route) { notice in
      notice.userInfo?[AVAudioSessionRouteChangeReasonKey] as? UInt == gone
    }
    on(.AVAudioEngineConfigurationChange, of: engine, becauseOf: route)
    on(AVAudioSession.mediaServicesWereLostNotification, becauseOf: restart)
    on(AVAudioSession.mediaServicesWereResetNotification, becauseOf: restart)
  }

  private func on(
    _ name: Notification.Name,
    of object: Any? = nil,
    becauseOf error: RecorderError,
    if matters: @escaping (Notification) -> Bool = { _ in true }
  ) {
    let observer = NotificationCenter.default.addObserver(forName: name, object: object, queue: nil) {
      [weak self] notice in
      if matters(notice) { self?.queue.async { self?.interrupt(error) } }
    }
    observers.append(observer)
  }
}
