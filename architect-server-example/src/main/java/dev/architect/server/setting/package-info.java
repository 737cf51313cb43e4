/** Settings of the engine over HTTP. */
@NullMarked
package dev.architect.server.setting;

import org.jspecify.annotations.NullMarked;
