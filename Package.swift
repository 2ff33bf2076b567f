// swift-tools-version: 6.3
import PackageDescription

/// `make fuzz` sets this: our targets are then built with the fuzzer's instrumentation, which a dependency could not be.
let isFuzzing = Context.environment["CLAIMAUDIT_FUZZING"] == "1"

/// What every Swift target of ours is compiled with.
let house: [SwiftSetting] =
  (isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])] : []) + [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  ]

let package = Package(
  name: "claimaudit",
  products: [
    .executable(name: "claimaudit", targets: ["claimaudit"]),
    .library(
      name: "ClaimAuditing",
      targets: [
        "ByteInput", "X12", "CSV", "ClaimModel", "ClaimReading", "Auditing", "RulePacks", "Reporting", "Comparison",
        "AuditPipeline", "SourceCopies",
      ]),
  ],
  traits: [
    .trait(
      name: "ISAL",
      description:
        "Inflate with ISA-L (libisal), about three times as fast as zlib, which stays the judge of damaged data.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // The system libraries (ISA-L only with its trait), the few calls Swift cannot make itself, and the code tables as bytes.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "CHost"),
    .target(name: "CDigest"),
    .target(name: "CScan", cSettings: isFuzzing ? [.unsafeFlags(["-fsanitize=fuzzer-no-link"])] : []),
    .target(name: "CCodeTables", exclude: ["data"]),

    // Each layer imports only layers above it in this list.
    .target(name: "Threads", dependencies: ["CHost"], swiftSettings: house),
    .target(
      name: "ByteInput",
      dependencies: ["Threads", "CZlib", .target(name: "CISAL", condition: .when(traits: ["ISAL"]))],
      swiftSettings: house),
    .target(name: "X12", swiftSettings: house),
    .target(name: "CSV", dependencies: ["CScan"], swiftSettings: house),
    .target(name: "ClaimModel", swiftSettings: house),
    .target(name: "ClaimReading", dependencies: ["CScan", "X12", "CSV", "ClaimModel"], swiftSettings: house),
    .target(name: "Auditing", dependencies: ["ClaimModel"], swiftSettings: house),
    .target(
      name: "RulePacks",
      dependencies: ["Auditing", "ClaimModel", "CCodeTables", "CHost", .product(name: "Yams", package: "Yams")],
      swiftSettings: house),
    .target(
      name: "Reporting",
      dependencies: [
        "Threads", "ByteInput", "Auditing", "ClaimModel", "CHost", "CScan", "CLibXML2",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: house),
    .target(name: "Comparison", dependencies: ["CSV", "Auditing", "Reporting", "CHost"], swiftSettings: house),
    .target(
      name: "AuditPipeline",
      dependencies: ["Threads", "ByteInput", "ClaimModel", "ClaimReading", "Auditing", "RulePacks", "Reporting"],
      swiftSettings: house),
    .target(
      name: "SourceCopies",
      dependencies: [
        "ByteInput", "X12", "CSV", "ClaimModel", "ClaimReading", "Auditing", "Reporting", "AuditPipeline",
      ],
      swiftSettings: house),
    .target(
      name: "Ledger",
      dependencies: [
        "CSQLite", "CDigest", "CHost", "Threads", "ByteInput", "ClaimModel", "Auditing", "Reporting", "Comparison",
        "AuditPipeline",
      ],
      swiftSettings: house),
    .executableTarget(
      name: "claimaudit",
      dependencies: [
        "Ledger", "SourceCopies", "AuditPipeline", "Comparison", "RulePacks", "Reporting", "Auditing", "ClaimReading",
        "ClaimModel", "ByteInput", "CHost",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: house),

    // Measures the command beside others, and each stage alone: `make bench`.
    .executableTarget(
      name: "claimaudit-bench",
      dependencies: ["ByteInput", "ClaimReading", "ClaimModel", "Auditing", "RulePacks", "Reporting"],
      swiftSettings: house),

    // Tests, one target a layer; TestSupport is what they share.
    .target(
      name: "TestSupport", dependencies: ["ClaimModel", "ClaimReading"], path: "Tests/TestSupport", swiftSettings: house
    ),
    .testTarget(name: "ByteInputTests", dependencies: ["ByteInput", "CZlib", "TestSupport"], swiftSettings: house),
    .testTarget(name: "X12Tests", dependencies: ["X12", "CScan", "ClaimReading", "TestSupport"], swiftSettings: house),
    .testTarget(name: "CSVTests", dependencies: ["CSV", "CScan", "TestSupport"], swiftSettings: house),
    .testTarget(
      name: "ClaimReadingTests", dependencies: ["ClaimReading", "ClaimModel", "X12", "CSV", "CScan", "TestSupport"],
      swiftSettings: house),
    .testTarget(name: "AuditingTests", dependencies: ["Auditing", "ClaimModel"], swiftSettings: house),
    .testTarget(name: "RulePacksTests", dependencies: ["RulePacks", "Auditing", "ClaimModel"], swiftSettings: house),
    .testTarget(
      name: "ReportingTests", dependencies: ["Reporting", "Threads", "Auditing", "ClaimModel", "CLibXML2"],
      swiftSettings: house),
    .testTarget(
      name: "ComparisonTests", dependencies: ["Comparison", "Reporting", "Auditing"], swiftSettings: house),
    .testTarget(
      name: "AuditPipelineTests",
      dependencies: [
        "AuditPipeline", "Threads", "ByteInput", "ClaimReading", "RulePacks", "Reporting", "Auditing", "ClaimModel",
        "TestSupport",
      ],
      swiftSettings: house),
    .testTarget(
      name: "SourceCopiesTests",
      dependencies: [
        "SourceCopies", "AuditPipeline", "ByteInput", "X12", "CSV", "ClaimReading", "RulePacks", "Reporting",
        "Auditing",
        "ClaimModel", "TestSupport",
      ],
      swiftSettings: house),
    .testTarget(
      name: "LedgerTests", dependencies: ["Ledger", "CDigest", "Auditing", "ClaimModel", "Reporting"],
      swiftSettings: house),
    .testTarget(
      name: "CommandTests", dependencies: ["claimaudit", "CLibXML2", "CSQLite", "TestSupport"], exclude: ["Shim"],
      swiftSettings: house),
  ]
)

if isFuzzing {
  package.targets.append(
    .executableTarget(
      name: "claimaudit-fuzz",
      dependencies: ["ByteInput", "ClaimModel", "ClaimReading", "Auditing", "RulePacks", "Reporting", "CLibXML2"],
      swiftSettings: house,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]))
}
