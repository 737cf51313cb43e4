/** The task engine: claims tasks, runs their attempts, records how they end. Internal to this artifact: hosts use the facade. */
@NullMarked
package dev.architect.schedule;

import org.jspecify.annotations.NullMarked;
