import Foundation

/// A 16 kHz, mono, 16 bit PCM file that is written as the sound comes.
///
/// It is called `task.wav` only when it is whole: what a killed process leaves behind has another
/// name, and the next recording sweeps it away.
final class WavFile {
  static let sampleRate = 16_000
  static let name = "task.wav"

  private static let unfinished = "task.wav.part"
  private static let headerBytes = 44

  private(set) var samples = 0
  var durationMs: Int { samples * 1000 / WavFile.sampleRate }
  var bytes: Int { WavFile.headerBytes + 2 * samples }

  private let folder: URL
  private let handle: FileHandle

  /// Make an empty file in a folder of its own below `parent`.
  ///
  /// - Throws: what the file system throws; see `isDiskFull`.
  init(in parent: URL) throws {
    let files = FileManager.default
    var folder = parent.appendingPathComponent(UUID().uuidString, isDirectory: true)
    self.folder = folder
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    var values = URLResourceValues()
    values.isExcludedFromBackup = true // A voice has no place in a cloud.
    try folder.setResourceValues(values)
    let part = folder.appendingPathComponent(WavFile.unfinished)
    try WavFile.header(samples: 0).write(to: part)
    handle = try FileHandle(forWritingTo: part)
    try handle.seekToEnd()
  }

  /// Write samples, all of them or none.
  ///
  /// - Throws: what the file system throws; what was written before stays.
  func append(_ sound: [Int16]) throws {
    try handle.write(contentsOf: sound.withUnsafeBytes { Data($0) })
    samples += sound.count
  }

  /// Make it a file that anybody can read.
  ///
  /// - Returns: where it is; whoever gets that owns it.
  func finish() throws -> URL {
    // A write that failed may have left the half of its samples behind.
    try handle.truncate(atOffset: UInt64(bytes))
    try handle.seek(toOffset: 0)
    try handle.write(contentsOf: WavFile.header(samples: samples))
    try handle.close()
    let whole = folder.appendingPathComponent(WavFile.name)
    try FileManager.default.moveItem(at: folder.appendingPathComponent(WavFile.unfinished), to: whole)
    return whole
  }

  /// Forget it, finished or not.
  func delete() {
    try? handle.close()
    try? FileManager.default.removeItem(at: folder)
  }

  /// Delete the folders below `parent` that hold no whole recording, or no longer.
  static func sweep(_ parent: URL) {
    let files = FileManager.default
    let folders = (try? files.contentsOfDirectory(at: parent, includingPropertiesForKeys: nil)) ?? []
    for folder in folders {
      let whole = folder.appendingPathComponent(name)
      if !files.fileExists(atPath: whole.path) { try? files.removeItem(at: folder) }
    }
  }

  static func isDiskFull(_ error: Error) -> Bool {
    let reason = error as NSError
    let cause = reason.userInfo[NSUnderlyingErrorKey] as? NSError
    return [reason, cause].contains { each in
      each?.domain == NSCocoaErrorDomain && each?.code == NSFileWriteOutOfSpaceError
        || each?.domain == NSPOSIXErrorDomain && each?.code == Int(ENOSPC)
    }
  }

  /// RIFF ("Multimedia Programming Interface and Data Specifications 1.0", 1991).
  private static func header(samples: Int) -> Data {
    let bytes = UInt32(2 * samples)
    var header = Data()
    func text(_ letters: String) { header.append(contentsOf: letters.utf8) }
    func number<Width: FixedWidthInteger>(_ value: Width) {
      withUnsafeBytes(of: value.littleEndian) { header.append(contentsOf: $0) }
    }
    text("RIFF")
    number(UInt32(headerBytes - 8) + bytes)
    text("WAVEfmt ")
    number(UInt32(16))
    number(UInt16(1)) // PCM
    number(UInt16(1)) // channels
    number(UInt32(sampleRate))
    number(UInt32(2 * sampleRate))
    number(UInt16(2))
    number(UInt16(16))
    text("data")
    number(bytes)
    return header
  }
}
