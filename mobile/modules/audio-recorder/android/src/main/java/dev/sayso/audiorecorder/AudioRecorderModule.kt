package dev.sayso.audiorecorder

import android.Manifest.permission.RECORD_AUDIO
import expo.modules.interfaces.permissions.PermissionsStatus
import expo.modules.kotlin.Promise
import expo.modules.kotlin.exception.Exceptions
import expo.modules.kotlin.modules.Module
import expo.modules.kotlin.modules.ModuleDefinition
import java.io.File

/** The bridge between [AudioRecorder] and `src/nativeRecorder.ts`. */
class AudioRecorderModule : Module() {
  private lateinit var recorder: AudioRecorder

  override fun definition() = ModuleDefinition {
    Name("AudioRecorder")

    Events("level", "interrupted")

    OnCreate {
      val context = appContext.reactContext ?: throw Exceptions.ReactContextLost()
      // Not in the cache, which the system may empty before the outbox has taken a recording over.
      recorder = AudioRecorder(context, File(context.noBackupFilesDir, "recordings"), Reports())
    }

    // An app in the background hears nothing: better an end that is told than silence.
    OnActivityEntersBackground {
      recorder.interrupt(
        RecorderError(RecorderError.Code.INTERRUPTED, "The app went into the background.")
      )
    }

    OnDestroy { recorder.cancel() }

    AsyncFunction("requestPermission") { promise: Promise ->
      requestPermission(promise)
    }

    AsyncFunction("start") { maxMs: Int?, promise: Promise ->
      promise.settle { recorder.start(maxMs) }
    }

    AsyncFunction("stop") { promise: Promise ->
      promise.settle { recorder.stop().toMap() }
    }

    AsyncFunction("cancel") { promise: Promise ->
      promise.settle { recorder.cancel() }
    }
  }

  private fun requestPermission(promise: Promise) {
    val permissions = appContext.permissions ?: throw Exceptions.PermissionsModuleNotFound()
    permissions.askForPermissions(
      { answers ->
        val answer = answers[RECORD_AUDIO]
        promise.resolve(
          when {
            answer?.status == PermissionsStatus.GRANTED -> "granted"
            answer?.canAskAgain == false -> "blocked"
            else -> "denied"
          }
        )
      },
      RECORD_AUDIO,
    )
  }

  private fun Promise.settle(act: () -> Any?) {
    try {
      resolve(act())
    } catch (refused: RecorderError) {
      reject(refused.code.value, refused.message, null)
    }
  }

  private inner class Reports : RecorderListener {
    override fun onLevel(peak: Double, elapsedMs: Int) =
      sendEvent("level", mapOf("peak" to peak, "elapsedMs" to elapsedMs))

    override fun onInterrupted(error: RecorderError, kept: Recording?) =
      sendEvent(
        "interrupted",
        mapOf("code" to error.code.value, "message" to error.message, "kept" to kept?.toMap()),
      )
  }
}

private fun Recording.toMap(): Map<String, Any?> =
  mapOf("uri" to "file://${file.path}", "durationMs" to durationMs, "bytes" to bytes)
