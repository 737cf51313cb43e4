/** Units of durable work: what is asked, how it goes, how it ended. */
@NullMarked
package dev.architect.task;

import org.jspecify.annotations.NullMarked;
