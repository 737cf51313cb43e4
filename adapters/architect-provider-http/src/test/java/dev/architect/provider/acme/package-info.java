/** The sample of {@code docs/writing-an-adapter.md}. */
@NullMarked
package dev.architect.provider.acme;

import org.jspecify.annotations.NullMarked;
