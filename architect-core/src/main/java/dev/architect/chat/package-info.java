/** Requests to models and their answers, the same for every provider. */
@NullMarked
package dev.architect.chat;

import org.jspecify.annotations.NullMarked;
