/** On whose behalf a request is made, how long it and its calls may take, and how it is cancelled. */
@NullMarked
package dev.architect.request;

import org.jspecify.annotations.NullMarked;
