/// Unwraps one input layer by layer until there is plain data, and lends that to a body.
struct Unwrapping {
  /// A stream on its way: what it is called, and what was taken off it so far.
  struct Layer {
    let source: LookaheadSource
    let name: String
    /// The open file, when the stream is exactly its bytes: then it can be read from anywhere.
    var wholeFile: OpenFile?
    /// The formats unwrapped so far, the outermost first.
    var unwrapped: [String] = []
    var notices: [InputRemark] = []
    /// It is an entry of an archive, so that what is refused of it concerns that entry.
    var isEntry = false
    /// It was found in a folder, and not named by the user.
    var isFound = false

    func inside(_ format: String, _ source: any LayeredSource) -> Layer {
      Layer(
        source: LookaheadSource(source), name: name, wholeFile: nil, unwrapped: unwrapped + [format],
        notices: notices, isEntry: isEntry, isFound: isFound)
    }
  }

  let meter: ExpansionMeter
  let spoolDirectory: String
  let engine: InflateEngine

  /// What belongs to no stream.
  private(set) var remarks: [InputRemark] = []

  init(meter: ExpansionMeter, spoolDirectory: String, engine: InflateEngine) {
    self.meter = meter
    self.spoolDirectory = spoolDirectory
    self.engine = engine
  }

  mutating func unwrap(_ layer: Layer, _ body: (ClaimStream) -> Void) {
    let format = CompressionFormat.detect(layer.source.peek(CompressionFormat.prefixLength))
    var layer = layer
    if layer.wholeFile != nil, let notice = format.mismatch(withName: layer.name) { layer.notices.append(notice) }
    switch format {
    case .plain: lend(layer, body)
    case .unsupported(let name):
      refuse(layer, .compression, "the data is \(name)-compressed, which is not read; unpack it first")
    case .gzip, .zlib, .zip: unwrap(layer, from: format, body)
    case .selfExtractor:
      // Only an archive's directory tells a self-extractor from a program or a script, and on a pipe there is no
      // looking at the end before the front has been read.
      if let file = layer.wholeFile, case .found(let end) = ZipEndRecord.find(in: file), end.entryCount > 0 {
        unwrap(layer, from: .zip, body)
      } else {
        lend(layer, body)
      }
    }
  }

  private mutating func unwrap(_ layer: Layer, from format: CompressionFormat, _ body: (ClaimStream) -> Void) {
    guard layer.unwrapped.count < meter.limits.maxNesting else {
      refuse(
        layer, .nestedCompression,
        "the data is compressed more than \(meter.limits.maxNesting) times over; unpack it first")
      return
    }
    switch format {
    case .gzip: unwrap(layer.inside("gzip", GzipSource(layer.source, meter: meter, engine: engine)), body)
    case .zlib: unwrap(layer.inside("zlib", ZlibSource(layer.source, meter: meter, engine: engine)), body)
    default: unwrapArchive(layer, body)
    }
  }

  private mutating func unwrapArchive(_ layer: Layer, _ body: (ClaimStream) -> Void) {
    var archiveFile = layer.wholeFile
    var originShare = 1.0
    if archiveFile == nil {
      switch SpoolFile.copy(layer.source, into: spoolDirectory) {
      case .failure(let reason):
        refuse(layer, .spool, "the archive could not be copied to \(spoolDirectory): \(reason.text)")
        return
      case .success(let copy):
        archiveFile = copy
        let size = copy.atOpening.size
        originShare = min(1, Double(layer.source.originBytes(for: size)) / Double(max(1, size)))
      }
      // Damage of the layers below shows in the archive's own checks too, but where it happened is only said here.
      take(layer.source.takeRemarks(), of: layer)
    }
    guard let archiveFile else { return }
    switch ZipArchive.open(archiveFile, originShare: originShare, meter: meter, engine: engine) {
    case .refused(let remark): take(layer.notices + [remark], of: layer)
    case .opened(let archive) where archive.isOfficeDocument:
      refuse(
        layer, .compression,
        "the file is a document of an office suite, such as an Excel workbook; save the sheet as CSV")
    case .opened(let archive):
      take(layer.notices + archive.notices, of: layer)
      for index in 0..<archive.count {
        switch archive.turn(of: index, prefix: layer.name + "!") {
        case .leftOut(let remark):
          if let remark { remarks.append(remark) }
        case .readable(let source, let name, let notices):
          unwrap(
            Layer(
              source: LookaheadSource(source), name: name, unwrapped: layer.unwrapped + ["zip"], notices: notices,
              isEntry: true, isFound: layer.isFound), body)
        }
      }
    }
  }

  private mutating func lend(_ layer: Layer, _ body: (ClaimStream) -> Void) {
    var notices = layer.notices
    if layer.unwrapped.count > 1 {
      let layers = layer.unwrapped.joined(separator: ", then ")
      notices.append(InputRemark(.nestedCompression, .info, "the data is compressed several times over: \(layers)"))
    }
    let stream = ClaimStream(
      name: layer.name, layers: layer.unwrapped, source: layer.source, wholeFile: layer.wholeFile, notices: notices,
      isFound: layer.isFound)
    body(stream)
    meter.finishStream(produced: stream.bytesRead, origin: stream.fileBytesRead)
  }

  private mutating func refuse(_ layer: Layer, _ code: InputRemark.Code, _ message: String) {
    take(
      layer.notices + layer.source.takeRemarks()
        + [InputRemark(code, .error, effect: .fileRefused, message)], of: layer)
  }

  /// Files remarks under the entry they are about, when the stream is one.
  private mutating func take(_ taken: [InputRemark], of layer: Layer) {
    remarks += taken.map { remark in
      guard layer.isEntry, remark.entryName == nil else { return remark }
      return InputRemark(
        remark.code, remark.severity, effect: remark.effect, at: remark.decompressedOffset,
        compressedOffset: remark.compressedOffset, firstUnverifiedOffset: remark.firstUnverifiedOffset,
        entryName: layer.name, remark.message)
    }
  }
}
