/** What nodes send to each other, and its form in bytes. */
@NullMarked
package dev.architect.cluster.message;

import org.jspecify.annotations.NullMarked;
