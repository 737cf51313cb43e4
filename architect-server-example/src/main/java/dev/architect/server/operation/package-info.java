/** What the server offers, operation by operation: from this come the routes, who may call them, and their description for programs. */
@NullMarked
package dev.architect.server.operation;

import org.jspecify.annotations.NullMarked;
