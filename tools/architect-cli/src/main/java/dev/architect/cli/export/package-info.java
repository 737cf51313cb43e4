/** {@code gaia export}: lists as files that servers write in the background. */
@NullMarked
package dev.architect.cli.export;

import org.jspecify.annotations.NullMarked;
