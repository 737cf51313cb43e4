/** What is asked of a model and what it answers, the same for every provider. */
@NullMarked
package dev.architect.chat;

import org.jspecify.annotations.NullMarked;
