/** Passkeys (Web Authentication): how a user adds and removes them, and logs in with one. */
@NullMarked
package dev.architect.server.passkey;

import org.jspecify.annotations.NullMarked;
