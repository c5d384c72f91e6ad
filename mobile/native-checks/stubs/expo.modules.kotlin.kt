package expo.modules.kotlin

import android.content.Context
import expo.modules.interfaces.permissions.Permissions

interface AppContext {
  val reactContext: Context?
  val permissions: Permissions?
}

interface Promise {
  fun resolve(value: Any?)

  fun resolve(result: String) = resolve(result as Any?)

  fun resolve(result: Map<String, Any?>) = resolve(result as Any?)

  fun reject(code: String?, message: String?, cause: Throwable?)
}
