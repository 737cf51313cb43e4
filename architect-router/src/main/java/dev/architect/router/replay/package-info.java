/** What recorded requests would have cost under another policy. */
@NullMarked
package dev.architect.router.replay;

import org.jspecify.annotations.NullMarked;
