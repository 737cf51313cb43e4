/** The sample of {@code docs/how-to/write-an-adapter.md}. */
@NullMarked
package dev.architect.provider.acme;

import org.jspecify.annotations.NullMarked;
