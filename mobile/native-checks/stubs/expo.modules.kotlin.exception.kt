package expo.modules.kotlin.exception

open class CodedException(message: String?) : Exception(message)

class Exceptions {
  class ReactContextLost : CodedException("The react context has been lost")

  class PermissionsModuleNotFound : CodedException("Permissions not found")
}
