/** Learns from feedback which model to choose, and estimates from logged decisions how other choices would have done. */
@NullMarked
package dev.architect.router.bandit;

import org.jspecify.annotations.NullMarked;
