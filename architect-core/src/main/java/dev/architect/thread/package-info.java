/** Where all threads come from. */
@NullMarked
package dev.architect.thread;

import org.jspecify.annotations.NullMarked;
