/** Exports: lists that are written to files in the background, whatever becomes of the process. */
@NullMarked
package dev.architect.job.export;

import org.jspecify.annotations.NullMarked;
