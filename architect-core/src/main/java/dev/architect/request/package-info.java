/** On whose behalf a request is made, and how it is cancelled. */
@NullMarked
package dev.architect.request;

import org.jspecify.annotations.NullMarked;
