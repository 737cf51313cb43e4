/** What integrations of other libraries share: calls with a deadline, conversations, and the meaning of their failures. */
@NullMarked
package dev.architect.library.bridge;

import org.jspecify.annotations.NullMarked;
