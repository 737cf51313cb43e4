/**
 * The service provider interfaces: everything outside the process is reached through an interface in this package, and every
 * adapter passes the contract of its interface from the testkit.
 */
@NullMarked
package dev.architect.spi;

import org.jspecify.annotations.NullMarked;
