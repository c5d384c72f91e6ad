import AVFoundation

/// The microphone of the phone, heard at 16 kHz in 16 bit.
final class Microphone {
  /// How long the system collects sound before it hands it over, in seconds.
  static let delay = 0.1

  /// The engine that may tell of a changed configuration.
  let engine = AVAudioEngine()

  private static let heard = AVAudioFormat(
    commonFormat: .pcmFormatInt16,
    sampleRate: Double(WavFile.sampleRate),
    channels: 1,
    interleaved: true
  )

  /// Listen; `hear` is called on a thread of the system.
  ///
  /// No Bluetooth microphones: their telephone quality is heard wrong more often, and switching to
  /// one takes a second.
  ///
  /// - Throws: a RecorderError if there is none, or somebody else has it.
  func open(hear: @escaping ([Int16]) -> Void) throws {
    let session = AVAudioSession.sharedInstance()
    do {
      try session.setCategory(.record, mode: .default)
      try session.setAllowHapticsAndSystemSoundsDuringRecording(true)
      try session.setActive(true)
    } catch {
      throw RecorderError(.unavailable, "A call or another app is using the microphone.")
    }
    do {
      try listen(hear)
      try engine.start()
    } catch {
      close()
      throw error as? RecorderError ?? RecorderError(.unavailable, error.localizedDescription)
    }
  }

  /// Stop listening; what played before may go on.
  func close() {
    engine.inputNode.removeTap(onBus: 0)
    engine.stop()
    try? AVAudioSession.sharedInstance().setActive(false, options: .notifyOthersOnDeactivation)
  }

  private func listen(_ hear: @escaping ([Int16]) -> Void) throws {
    let input = engine.inputNode
    let offered = input.outputFormat(forBus: 0)
    // A tap on a format of nothing ends the process.
    guard offered.sampleRate > 0, offered.channelCount > 0,
      let heard = Microphone.heard,
      let converter = AVAudioConverter(from: offered, to: heard)
    else { throw RecorderError(.unavailable, "No microphone was found.") }
    converter.downmix = true
    let size = AVAudioFrameCount(offered.sampleRate * Microphone.delay)
    input.installTap(onBus: 0, bufferSize: size, format: offered) { buffer, _ in
      hear(Microphone.convert(buffer, with: converter))
    }
  }

  /// What this piece of sound is at 16 kHz; the converter keeps what it still needs of it.
  private static func convert(
    _ piece: AVAudioPCMBuffer, with converter: AVAudioConverter
  ) -> [Int16] {
    let target = converter.outputFormat
    let ratio = target.sampleRate / piece.format.sampleRate
    let capacity = AVAudioFrameCount((Double(piece.frameLength) * ratio).rounded(.up)) + 1
    guard let output = AVAudioPCMBuffer(pcmFormat: target, frameCapacity: capacity) else {
      return []
    }
    var given = false
    converter.convert(to: output, error: nil) { _, status in
      status.pointee = given ? .noDataNow : .haveData
      defer { given = true }
      return given ? nil : piece
    }
    guard let samples = output.int16ChannelData else { return [] }
    return Array(UnsafeBufferPointer(start: samples[0], count: Int(output.frameLength)))
  }
}
