package expo.modules.interfaces.permissions

enum class PermissionsStatus { GRANTED, UNDETERMINED, DENIED }

data class PermissionsResponse(val status: PermissionsStatus, val canAskAgain: Boolean = true)

fun interface PermissionsResponseListener {
  fun onResult(result: Map<String, PermissionsResponse>)
}

interface Permissions {
  fun askForPermissions(response: PermissionsResponseListener, vararg permissions: String)
}
