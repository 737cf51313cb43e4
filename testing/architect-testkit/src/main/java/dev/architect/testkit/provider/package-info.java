/** The contract of model providers, and providers for tests. */
@NullMarked
package dev.architect.testkit.provider;

import org.jspecify.annotations.NullMarked;
