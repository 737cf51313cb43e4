/** From events to the activity log that people read. */
@NullMarked
package dev.architect.activity;

import org.jspecify.annotations.NullMarked;
