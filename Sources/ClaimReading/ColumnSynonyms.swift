/// The names under which exports keep the fields of a claim.
///
/// Names are compared as `HeaderName.normalised` has them. The rank says how much a name is worth when several columns could
/// hold a field: 0 our own vocabulary and names that mean one thing only, 1 names in common use, 2 names that often mean it,
/// 3 names that mean many things and count only when the values prove them.
enum ColumnSynonyms {
  /// What a header may stand for.
  struct Match: Hashable {
    var field: ColumnField
    var rank: Int
    /// The number in a list or of the line in a wide row.
    var number: Int?
    /// Whether the number counts the lines of a wide row.
    var isSlot = false
  }

  /// What a normalised header stands for, or `nil`.
  static func match(_ name: String) -> Match? {
    if let match = names[name] { return match }
    guard let (base, number) = HeaderName.numbered(name) else { return nil }
    if let field = lists[base] { return Match(field: field, rank: 0, number: number) }
    if let match = names[base], match.field.isPerLine, match.rank < 3 {
      return Match(field: match.field, rank: match.rank, number: number, isSlot: true)
    }
    return nil
  }

  /// Names of lists, without the number.
  private static let lists: [String: ColumnField] = {
    var lists: [String: ColumnField] = [:]
    let table: [(ColumnField, String)] = [
      (
        .modifier,
        "modifier mod cptmod cptmodifier hcpcsmodifier hcpcsmod procmod procedmod proceduremodifier lineprcdrmdfrcd"
      ),
      (.modifier, "modifiercode modcode servicemodifier hcpcsmdfrcd"),
      (
        .diagnosis,
        "diagnosiscode diagnosis diag dx diagcode dxcode icd icd10 icd10code icd10dx icd9dx icddgnscd icd9dgnscd"
      ),
      (.diagnosis, "dgnscd clmdgnscd diagx principaldiagnosis icd10claimdiagcode icd9claimdiagcode claimdiagcode"),
      (.inpatientProcedure, "procedurecode icdprcdrcd icd9prcdrcd icd10pcs icdprocedurecode icdproc icdprocedure"),
      (.diagnosisPointer, "diagnosispointer dxpointer diagpointer pointer diagptr dxptr diagnosisref dxref"),
    ]
    for (field, words) in table {
      for word in words.utf8.split(separator: 0x20) { lists[String(Substring(word))] = field }
    }
    return lists
  }()

  private static let names: [String: Match] = {
    var names: [String: Match] = [:]
    func add(_ field: ColumnField, _ rank: Int, _ words: String, number: Int? = nil) {
      // As bytes: characters would be looked for otherwise, in all names, at the beginning of every run.
      for word in words.utf8.split(separator: 0x20) {
        let word = String(Substring(word))
        if names[word] == nil { names[word] = Match(field: field, rank: rank, number: number) }
      }
    }
    for (field, rank, words) in table { add(field, rank, words) }
    // Ordinals that are spelled, or stand in the middle of the name.
    let spelled = ["one", "two", "three", "four", "five"]
    let ordinals = ["1st", "2nd", "3rd", "4th", "5th"]
    for index in 0..<5 {
      let number = index + 1
      add(
        .modifier, 0,
        "modifier\(spelled[index]) hcpcs\(ordinals[index])mdfrcd hcpcs\(number)mdfrcd mod\(spelled[index])",
        number: number)
      add(
        .modifier, 0, "\(ordinals[index])modifier \(ordinals[index])mod hcpcs\(number)mod hcpcs\(number)modifier",
        number: number)
    }
    for number in 1...25 { add(.diagnosis, 0, "clmdgns\(number)cd dgns\(number)cd", number: number) }
    // ICD9 and ICD10 are editions.
    for number in 1...8 { add(.diagnosis, 0, "icd\(number)code", number: number) }
    return names
  }()

  private static let table: [(ColumnField, Int, String)] = [
    (.claimID, 0, "claimid curclmuniqid clmid clmclaimid claimcontrolnumber claimnumber"),
    (.claimID, 1, "claimno claimnum claim claimnbr clmno clmnum claimidentifier patientcontrolnumber pcn"),
    (
      .claimID, 2,
      "encounterid encounter encounternumber voucher vouchernumber voucherid invoicenumber invoice invoiceid"
    ),
    (
      .claimID, 2,
      "ticketnumber ticket visitid visit visitnumber patientaccountnumber patientaccount accountnumber account"
    ),
    (.claimID, 2, "acct acctnumber acctno accountno billid icn dcn"),
    (.claimType, 0, "claimtype claimtypecode"),
    (.claimType, 1, "clmtypecd nchclmtypecd typeofclaim formtype claimform"),
    (.personID, 0, "personid"),
    (.personID, 1, "beneid desynpufid benefitpersonid"),
    (.memberID, 0, "memberid benembiid"),
    (
      .memberID, 1,
      "member mbr mbrid membernumber subscriberid subscriber subscribernumber mbi insuranceid policynumber"
    ),
    (.memberID, 2, "policy cardholderid insuredid hicn benehicnum"),
    (.patientID, 0, "patientid"),
    (.patientID, 1, "ptid patid mrn medicalrecordnumber chart chartnumber patientnumber pid patientno"),
    (.birthDate, 0, "birthdate dateofbirth patientdob patientbirthdate memberdob benebrthdt"),
    (.birthDate, 1, "dob birthdt benebirthdt subscriberdob"),
    (.payer, 0, "payername payorname"),
    (.payer, 1, "payer payor insurancename insurancecompany primarypayer primaryinsurance primaryinsurancename"),
    (.payer, 2, "insurance ins carrier carriername insurer financialclass"),
    (.payerID, 0, "payerid payorid payeridentifier payoridentifier payernumber"),
    (.plan, 0, "plan planname"),
    (
      .filingIndicator, 0,
      "filingindicator claimfilingindicator filingindicatorcode claimfilingindicatorcode claimfilingcode sbr09"
    ),
    (.claimStart, 0, "claimstartdate clmfromdt"),
    (
      .claimStart, 1,
      "claimfromdate statementfrom statementfromdate statementstart statementstartdate claimfrom coversfrom"
    ),
    (.claimEnd, 0, "claimenddate clmthrudt"),
    (
      .claimEnd, 1,
      "claimtodate claimthrudate statementto statementthrough statementthru statementtodate statementend claimto"
    ),
    (.admission, 0, "admissiondate admitdate clmadmsndt"),
    (.admission, 1, "admission admissiondt admitdt dateofadmission hospitalizationfrom"),
    (.discharge, 0, "dischargedate nchbenedschrgdt"),
    (.discharge, 1, "discharge dischargedt dschrgdt dateofdischarge hospitalizationto"),
    (.billType, 0, "billtypecode billtype typeofbill"),
    (.billType, 1, "tob typeofbillcode ubbilltype tobcode"),
    (.billFacility, 0, "clmbillfactypecd clmfactypecd billfacilitytype billfacilitytypecode"),
    (.billClass, 0, "clmbillclsfctncd clmsrvcclsfctntypecd billclassification billclassificationcode"),
    (.frequency, 0, "claimfrequencycode claimfrequency frequencycode claimfrequencytypecode clmbillfreqcd clmfreqcd"),
    (.frequency, 1, "frequencytypecode resubmissioncode claimfreq clmfrequencycode"),
    (
      .originalClaimID, 0,
      "originalclaimid originalreferencenumber originalrefno payerclaimcontrolnumber originalclaimnumber"
    ),
    (.originalClaimID, 1, "originalicn originalref originalclaim payericn"),
    (.claimTotal, 0, "claimtotalcharge totalclaimcharge claimtotal claimtotalcharges clmtotchrgamt claimchargeamount"),
    (.claimTotal, 0, "nchcarrclmsbmtdchrgamt clmmdcrinstnltotchrgamt totalclaimchargeamount"),
    (.claimTotal, 1, "claimcharge claimcharges totalclaimamount claimamount"),
    (.billingNPI, 0, "billingnpi billingprovidernpi clmblgprvdrnpinum carrclmblgnpinum"),
    (.billingNPI, 1, "orgnpinum groupnpi paytoprvdrnpinum billnpi billprovnpi"),
    (.billingTaxonomy, 0, "billingtaxonomy billingprovidertaxonomy billingtaxonomycode billingprovidertaxonomycode"),
    (.diagnosisType, 0, "diagnosiscodetype dgnsprcdricdind icdindicator icdversion diagnosistype dxtype icdind"),
    (
      .diagnosis, 1,
      "diagnosis diagnoses diag dx dxs diagcodes dxcodes icd10 icd10codes diagnosiscodes diagnosiscode dxcode diagcode"
    ),
    (
      .diagnosis, 0,
      "prncpaldgnscd prncpldgnscd principaldiagnosis principaldiagnosiscode primarydiagnosis primarydiag primarydx"
    ),
    (.attachment, 0, "attachmentcontrolnumber pwk pwk06 attachmentnumber attachmentcontrol"),
    (.claimNote, 0, "claimnote claimnotes nte claimnotetext"),
    (.interchangeControl, 0, "interchangecontrol interchangecontrolnumber isa13"),
    (.groupControl, 0, "groupcontrol groupcontrolnumber gs06"),
    (.transactionControl, 0, "transactioncontrol transactionsetcontrolnumber st02"),
    (.lineNumber, 0, "claimlinenumber linenumber clmlinenum"),
    (
      .lineNumber, 1,
      "lineno linenum linenbr serviceline servicelinenumber claimline claimlineno chargeline chargelinenumber"
    ),
    (.lineNumber, 2, "lineid line chargeid linecounter sequencenumber seq seqno"),
    (.lineControl, 0, "linecontrol linecontrolnumber lineitemcontrolnumber"),
    (.recordKind, 0, "recordkind"),
    (
      .recordKind, 2,
      "txtype txtypec txtypename txtypecname transactiontype transactiontypename transtype trantype detailtype"
    ),
    (.recordKind, 3, "type codetype rowtype recordtype entrytype"),
    (.reversal, 0, "clmadjsmttypecd reversalflag isreversal reversal"),
    (.reversal, 1, "void voided voidflag isvoid isvoided reversed cancelled canceled cancelflag"),
    (.procedure, 0, "hcpcscode procedurecode clmlinehcpcscd hcpcscd lineprcdrcd"),
    (
      .procedure, 1,
      "cpt cptcode cpthcpcs cpthcpcscode hcpcs cptcodes hcpcscpt hcpcscptcode proccode proccd cpt4 cpt4code cptprocedurecode"
    ),
    (.procedure, 2, "procedure proc servicecode svccode procedurecd cptprocedure"),
    (.procedure, 3, "code chargecode"),
    (.procedureSystem, 0, "lineprcdrcdsys procedurecodesystem"),
    (.modifier, 0, "modifier modifiers"),
    (
      .modifier, 1,
      "mod mods cptmodifier cptmodifiers proceduremodifier proceduremodifiers procmod hcpcsmodifier hcpcsmodifiers"
    ),
    (.placeOfService, 0, "placeofservicecode placeofservice clmposcd lineplaceofsrvccd"),
    (.placeOfService, 1, "poscode pos poscd placeofsvc placeofsrvc serviceplace placeofservicecd svcplace"),
    (.placeOfService, 3, "facilitycode facility"),
    (.revenueCode, 0, "revenuecentercode revenuecode clmlineprodrevctrcd revcntr"),
    (.revenueCode, 1, "revcode rev revenue revcd ubrevenuecode revenuecd revcntrcd"),
    (
      .serviceFrom, 0,
      "servicedate claimlinestartdate clmlinefromdt line1stexpnsdt linesrvcbgndt revcntrdt servicedatefrom"
    ),
    (
      .serviceFrom, 1,
      "dateofservice dos servicestart servicestartdate dosfrom fromdos servdt svcdate svcdt servicedt servicefrom origservicedate"
    ),
    (
      .serviceFrom, 1,
      "linefromdate lineservicefrom lineservicedate firstdateofservice servicefromdate datesofservicefrom dosstart"
    ),
    (.serviceFrom, 2, "fromdate datefrom from startdate clmlineinstnlrevctrdt"),
    (.serviceTo, 0, "claimlineenddate clmlinethrudt linelastexpnsdt linesrvcenddt servicedateto serviceenddate"),
    (
      .serviceTo, 1,
      "dosto todos serviceend servicethru serviceto servicetodate linetodate lastdateofservice servicethrudate dosend"
    ),
    (.serviceTo, 2, "todate dateto to thrudate thru enddate"),
    (.units, 0, "serviceunitquantity units clmlinesrvcunitqty linesrvccnt revcntrunitcnt serviceunits"),
    (
      .units, 1,
      "unit qty quantity unitcount daysorunits procedurequantity unitsofservice serviceunit svcunits unitsbilled"
    ),
    (.charge, 0, "chargeamount linecharge linechargeamount linesbmtdchrgamt revcntrtotchrgamt submittedcharge"),
    (
      .charge, 1,
      "charge charges chg chgamt chgs chargeamt totalcharge totalcharges billed billedamount billedamt billedcharge"
    ),
    (
      .charge, 1,
      "billedcharges linebilledamt submittedcharges lineitemcharge lineitemchargeamount chargedamount fee totalchargeamount"
    ),
    (.charge, 3, "amount amt"),
    (.allowed, 0, "allowedamount linealowdchrgamt clmlinealowdchrgamt"),
    (.allowed, 1, "allowed allowedamt allowable alloweddollars lineallowed lineallowedamount"),
    (.paid, 0, "paidamount linenchpmtamt clmlinecvrdpdamt linepaidamount"),
    (.paid, 1, "paid paidamt payment paymentamount insurancepaid paiddollars linepaid"),
    (.renderingNPI, 0, "renderingnpi renderingprovidernpi prfphysnnpi rndrgprvdrnpinum"),
    (
      .renderingNPI, 1,
      "providernpi srvcprvdrnpi rndrngnpi renderingnpinumber clmrndrgprvdrnpinum servicingnpi servicingprovidernpi"
    ),
    (
      .renderingNPI, 1,
      "performingnpi performingprovidernpi treatingnpi physiciannpi revcntrrndrngphysnnpi rndrngphysnnpi"
    ),
    (.renderingNPI, 2, "npi"),
    (.lineDiagnosis, 0, "lineicddgnscd clmlinedgnscd lineicd9dgnscd linediagnosis linediagnosiscode linedx"),
    (.diagnosisPointer, 0, "diagnosispointer diagnosispointers dxpointer dxpointers diagpointer diagpointers"),
    (.diagnosisPointer, 1, "pointer pointers diagptr dxptr diagnosisref"),
  ]
}
