public import ClaimModel
internal import Glibc

/// A folder of reference files as CMS publishes them, unzipped: the next quarter's tables without a new program.
///
/// Each file is recognised by its heading, not by its name; a file of no known kind is a notice, a known one that is broken is an
/// error. Read are relative values (PPRRVU), geographic indices (GPCI), NCCI pairs and units per day, places of service and the
/// codes of ICD-10-CM. Of all of them numbers, codes and dates are kept, never a descriptor.
public struct ReferenceFolder: Sendable {
  /// What was read.
  public private(set) var data = ReferenceData()
  private var relativeValues: [RelativeValueFile.Row] = []
  private let watched: Set<Code>

  /// How deep folders in the folder are looked into.
  private static let depth = 4

  /// Reads a folder; rows about procedures that are not `watched` are passed over.
  public init(path: String, watched: Set<Code>) throws(PackErrors) {
    self.watched = watched
    guard let files = Self.files(in: path, below: "", depth: 0) else { throw .unreadable(path) }
    let folder = path.hasSuffix("/") ? path : path + "/"
    for file in files { try read(path: folder + file, name: file) }
    data.feeSchedule = try RelativeValueFile.dated(relativeValues)
  }

  private mutating func read(path: String, name: String) throws(PackErrors) {
    var reader = try TableReader(path: path)
    guard let (kind, header) = reader.recognise() else {
      data.notices.append("\(name): is no reference file that this program knows, and was not read")
      return
    }
    var rows = 0
    var period = ""
    switch kind {
    case .relativeValues:
      // Two conversion factors since 2026; the benchmark is the one for everybody.
      if header.title.contains("QPP"), !header.title.contains("NONQPP"), !header.title.contains("NON-QPP"),
        !header.title.contains("NON QPP"), !header.title.contains("NON_QPP")
      {
        data.notices.append("\(name): is for participants of alternative payment models, and was not read")
        return
      }
      let found = try RelativeValueFile.read(&reader, header, watched: watched)
      relativeValues += found.rows
      (rows, period) = (found.rows.count, found.period)
    case .localities:
      let found = try LocalityFile.read(&reader, header)
      data.localities[found.year, default: [:]].merge(found.localities) { _, later in later }
      (rows, period) = (found.localities.count, "\(found.year)")
    case .pairs:
      let found = try PairFile.read(&reader, header, watched: watched)
      for row in found { data.pairs[row.procedure, default: []].append(row) }
      (rows, period) = (found.count, found.first.map { $0.isHospital ? "hospital" : "practitioner" } ?? "")
    case .units:
      let found = try UnitFile.read(&reader, header, watched: watched)
      guard found.table != .supplier else {
        data.notices.append("\(name): is for suppliers of equipment, and was not read")
        return
      }
      for (code, limit) in found.limits { data.units[code, default: []].append(limit) }
      (rows, period) = (found.limits.count, found.table == .hospital ? "hospital" : "practitioner")
      if let from = found.from { period += ", from \(from)" }
    case .places:
      let found = try PlaceFile.read(&reader, header)
      data.places += found
      rows = found.count
    case .diagnoses:
      let found = try DiagnosisFile.read(&reader, header)
      if let index = data.diagnoses.firstIndex(where: { $0.validity == found.validity }) {
        data.diagnoses[index].add(found)
      } else {
        data.diagnoses.append(found)
      }
      (rows, period) = (found.codes.count, "\(found.validity.lowerBound) to \(found.validity.upperBound)")
    }
    data.files.append(ReferenceData.LoadedFile(file: name, kind: kind.rawValue, rows: rows, period: period))
  }

  /// The files of a folder and of those in it, in byte order; `nil` when the folder cannot be read.
  ///
  /// Hidden files, links to folders and what is no file are left out.
  private static func files(in root: String, below: String, depth: Int) -> [String]? {
    guard let directory = unsafe opendir(below.isEmpty ? root : root + "/" + below) else { return nil }
    defer { unsafe closedir(directory) }
    let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let start = unsafe UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      let name = unsafe String(cString: start)
      if !name.hasPrefix(".") { names.append(name) }
    }
    var files: [String] = []
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let path = below.isEmpty ? name : below + "/" + name
      var status = stat()
      guard unsafe lstat(root + "/" + path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        if depth < Self.depth { files += Self.files(in: root, below: path, depth: depth + 1) ?? [] }
        continue
      }
      guard unsafe stat(root + "/" + path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      files.append(path)
    }
    return files
  }
}
