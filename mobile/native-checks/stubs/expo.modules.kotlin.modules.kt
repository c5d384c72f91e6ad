@file:Suppress("FunctionName", "unused", "UNUSED_PARAMETER")

package expo.modules.kotlin.modules

import expo.modules.kotlin.AppContext
import expo.modules.kotlin.Promise

class ModuleDefinitionData

abstract class Module {
  val appContext: AppContext
    get() = throw NotImplementedError()

  fun sendEvent(name: String, body: Map<String, Any?>): Unit = throw NotImplementedError()

  abstract fun definition(): ModuleDefinitionData
}

class ModuleDefinitionBuilder {
  fun Name(name: String) = Unit

  fun Events(vararg events: String) = Unit

  inline fun OnCreate(crossinline body: () -> Unit) = body()

  inline fun OnDestroy(crossinline body: () -> Unit) = body()

  inline fun OnActivityEntersBackground(crossinline body: () -> Unit) = body()

  inline fun <reified R, reified P0> AsyncFunction(name: String, crossinline body: (p0: P0) -> R) =
    Unit

  @JvmName("AsyncFunctionWithPromise")
  inline fun <reified R, reified P0> AsyncFunction(
    name: String,
    crossinline body: (p0: P0, p1: Promise) -> R,
  ) = Unit
}

inline fun Module.ModuleDefinition(
  crossinline block: ModuleDefinitionBuilder.() -> Unit
): ModuleDefinitionData {
  ModuleDefinitionBuilder().block()
  return ModuleDefinitionData()
}
