/** The task engine: who works on what, and when. Internal to this artifact; the facade is its front. */
@NullMarked
package dev.architect.schedule;

import org.jspecify.annotations.NullMarked;
