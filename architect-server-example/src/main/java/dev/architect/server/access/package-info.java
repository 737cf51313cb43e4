/** Decides who may call: token, login sessions, host and origin checks. */
@NullMarked
package dev.architect.server.access;

import org.jspecify.annotations.NullMarked;
