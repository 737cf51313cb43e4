/** What a host may bring to judge and to reuse answers: checkers, and caches of similar questions. */
@NullMarked
package dev.architect.answer;

import org.jspecify.annotations.NullMarked;
