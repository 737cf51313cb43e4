/** What operators and the engine itself do with stored tasks, and how they see the state of the engine. */
@NullMarked
package dev.architect.maintenance;

import org.jspecify.annotations.NullMarked;
