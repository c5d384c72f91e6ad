import ExpoModulesCore

/// The bridge between `AudioRecorder` and `src/nativeRecorder.ts`.
public final class AudioRecorderModule: Module {
  // Not in the caches, which the system may empty before the outbox has taken a recording over.
  private let recorder = AudioRecorder(
    folder: URL.applicationSupportDirectory.appending(path: "recordings", directoryHint: .isDirectory)
  )

  public func definition() -> ModuleDefinition {
    Name("AudioRecorder")

    Events("level", "interrupted")

    OnCreate {
      recorder.onLevel = { [weak self] level in
        self?.sendEvent("level", ["peak": level.peak, "elapsedMs": level.elapsedMs])
      }
      recorder.onInterrupted = { [weak self] error, kept in
        self?.sendEvent("interrupted", [
          "code": error.code.rawValue,
          "message": error.message,
          "kept": kept?.asDictionary
        ])
      }
    }

    // An app in the background hears nothing: better an end that is told than silence.
    OnAppEntersBackground {
      let recorder = self.recorder
      recorder.queue.async {
        recorder.interrupt(RecorderError(.interrupted, "The app went into the background."))
      }
    }

    OnDestroy {
      let recorder = self.recorder
      recorder.queue.async { recorder.cancel() }
    }

    AsyncFunction("requestPermission") { (promise: Promise) in
      recorder.requestPermission { promise.resolve($0.rawValue) }
    }

    AsyncFunction("start") { (maxMs: Int?, promise: Promise) in
      do {
        try recorder.start(maxMs: maxMs)
        promise.resolve()
      } catch let error as RecorderError {
        promise.reject(error.code.rawValue, error.message)
      }
    }.runOnQueue(recorder.queue)

    AsyncFunction("stop") { (promise: Promise) in
      recorder.stop { result in
        switch result {
        case .success(let recording): promise.resolve(recording.asDictionary)
        case .failure(let error): promise.reject(error.code.rawValue, error.message)
        }
      }
    }

    AsyncFunction("cancel") {
      recorder.cancel()
    }.runOnQueue(recorder.queue)
  }
}

extension AudioRecorder.Recording {
  var asDictionary: [String: Any] {
    ["uri": url.absoluteString, "durationMs": durationMs, "bytes": bytes]
  }
}
