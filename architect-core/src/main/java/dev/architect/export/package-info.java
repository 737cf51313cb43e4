/** Lists as files, made in the background: what they hold, how they stand, and where their parts are kept. */
@NullMarked
package dev.architect.export;

import org.jspecify.annotations.NullMarked;
