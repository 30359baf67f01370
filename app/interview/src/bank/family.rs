//! The trade that a role belongs to, by the words of its title.

use serde::{Deserialize, Serialize};

use self::RoleFamily::{
    Care, Data, Engineering, Finance, General, Management, Operations, Product, Sales, Teaching,
};

/// The trades that speak differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleFamily {
    /// Software and other engineers.
    Engineering,
    /// Data, analytics, research.
    Data,
    /// Product and design.
    Product,
    /// Sales, support, marketing.
    Sales,
    /// Nursing, medicine, care.
    Care,
    /// Teaching.
    Teaching,
    /// Operations, logistics, trades, hospitality.
    Operations,
    /// Finance, law, control.
    Finance,
    /// Those who lead people.
    Management,
    /// Everyone else.
    General,
}

/// Phrases that decide, the first that is found first. A word ending in `*` stands for all that begin so.
const RULES: [(RoleFamily, &str); 28] = [
    // Titles whose last word would mislead.
    (
        Management,
        "engineering manager|manager of engineering|manager engineering|development manager|it manager|\
      director of engineering|engineering director|head of engineering|head of software|head of technology|\
      head of it|head of development|vp engineering|vp of engineering|vp technology|cto|cio|ceo|coo|\
      chief executive|chief technology|chief operating|chief information|chief of staff|managing director|\
      general manager|managing partner|software manager|data manager|director of data|head of people|\
      people manager|people director|hr director|hr manager|human resources manager|director of people|\
      group manager|team manager|department manager|head of department|executive director|founder|co founder",
    ),
    (
        Product,
        "product manager|product owner|product lead|product director|head of product|director of product|\
      vp product|vp of product|chief product|cpo|product marketing|product design*|product analyst|\
      design director|design manager|design lead|head of design|creative director|art director",
    ),
    (
        Teaching,
        "head teacher|headteacher|head of year|head of school|deputy head|headmaster|headmistress|\
      school principal|assistant principal|teaching assistant|classroom assistant|school counsel*|\
      learning support|learning and development|sports coach|swimming instructor|driving instructor|\
      fitness instructor|language trainer|nursery nurse|nursery assistant|early years",
    ),
    (
        Care,
        "care home|care manager|nurse manager|nursing home|care coordinator|care assistant|care worker|\
      health visitor|health care|healthcare|medical assistant|medical secretary|dental|vet|veterinar*|\
      social work*|support worker|youth worker|child care|childcare|youth and community|mental health|\
      occupational therap*|lab technician|laboratory technician|biomedical",
    ),
    (
        Data,
        "data engineer|analytics engineer|machine learning|ml engineer|ai engineer|ai researcher|\
      deep learning|nlp|computer vision|data scien*|data analy*|data lead|data architect|data steward|head of data|\
      business intelligence|bi developer|bi analyst|business analyst|insight* analyst|research analyst|\
      marketing analyst|web analyst|analytics|statistic*|biostatistic*|bioinformatic*|quantitative researcher|\
      research scien*|research engineer|research associate|research assistant|research fellow|postdoc*|\
      market researcher|epidemiolog*|econometric*|ml|ai",
    ),
    (
        Finance,
        "financial|finance|investment|credit|actuar*|underwrit*|claims|audit*|tax|treasur*|payroll|\
      compliance|risk|accounts payable|accounts receivable|accounts assistant|account clerk|bookkeep*|book keep*|\
      accountan*|accounting|controller|comptroller|cfo|banker|banking|trader|broker|quant|loan*|mortgage*|\
      wealth|portfolio manager|fund manager|equity|fraud|anti money|kyc|aml",
    ),
    (
        Finance,
        "lawyer|solicitor|barrister|attorney|paralegal|legal|counsel|notary|conveyanc*|judge|clerk to the|\
      contracts manager|contract manager|patent*|privacy officer|data protection|company secretary|procurement lawyer",
    ),
    (
        Sales,
        "sales engineer|solutions consultant|pre sales|presales|sales*|account executive|account manager|\
      account director|key account|business development|customer success|customer service|customer support|\
      customer care|customer experience|client services|client success|client relation*|technical support|\
      support engineer|support specialist|support agent|support analyst|it support|service desk|help desk|\
      helpdesk|call centre|call center|contact centre|contact center|telesales|telemarket*|inside sales|\
      marketing|marketer|brand|growth|seo|ppc|social media|content strategist|copywriter|public relations|\
      pr manager|communications|community manager|fundrais*|retail|shop assistant|store assistant|cashier|\
      estate agent|real estate|realtor|letting*|travel agent|merchandis*|advertis*|media buyer|media planner|\
      partnership*|sdr|bdr|cmo|chief marketing|chief revenue|cro|commercial",
    ),
    (
        Product,
        "ux|ui|user experience|user research*|user interface|usability|interaction design*|service design*|\
      graphic design*|visual design*|web design*|motion design*|industrial design*|game design*|designer|\
      content design*|fashion|illustrat*|animator|product",
    ),
    (
        Teaching,
        "teach*|tutor|lecturer|professor|educator|education|instructor|trainer|kindergarten|nursery|\
      school|pedagog*|academic|coach|principal lecturer|senco|librarian|invigilator",
    ),
    (
        Care,
        "nurs*|midwi*|doctor|physician|surgeon|medic|medical|paramedic|ambulance|gp|general practitioner|\
      pharmac*|dentist|therap*|physio*|psycholog*|psychiatr*|counsell*|counsel*|carer|caregiver|care|\
      clinic*|radiograph*|radiolog*|sonograph*|anaesthe*|anesthe*|optometr*|optician|dietit*|dietic*|nutrition*|\
      phlebotom*|health|hospice|hospital|ward|patient|podiatr*|chiropract*|osteopath*|audiolog*|doula|nanny|\
      au pair|childminder|babysitter|pathologist|oncolog*|cardiolog*|paediatric*|pediatric*",
    ),
    // Trades with "engineer" or "technician" in the title that work with hands and shifts.
    (
        Operations,
        "maintenance|facilities|field service|hvac|gas engineer|heating engineer|train driver|\
      production|assembly|manufactur*|plant operator|process operator|quality inspector|machine operator|\
      machinist|cnc|welder|weld*|mechanic|fitter|electrician|plumb*|carpent*|joiner|bricklay*|builder|roofer|\
      plasterer|painter|decorator|scaffold*|construction|site manager|site supervisor|foreman|labourer|laborer",
    ),
    (
        Engineering,
        "civil engineer*|structural engineer*|mechanical engineer*|electrical engineer*|engineer*|\
      developer|programmer|software|sre|devops|sysadmin|system administrator|systems administrator|\
      network administrator|database administrator|dba|architect|solution* architect|tech lead|technical lead|\
      team lead engineering|full stack|fullstack|front end|frontend|back end|backend|qa|sdet|test*|penetration|\
      pentester|cyber*|security analyst|security engineer|security researcher|security specialist|information security|\
      infosec|embedded|firmware|hardware|cloud|platform|robotic*|web master|webmaster|it specialist|it technician|\
      it administrator|it consultant|coder|android|ios|salesforce admin*|salesforce|sap|erp|technical writer|\
      technical author|staff technologist|technologist|scrum master|surveyor|draughts*|cad",
    ),
    (
        Management,
        "management consultant|project manager|programme manager|program manager|project director|\
      programme director|delivery manager|delivery lead|change manager|agile coach|regional manager|\
      area manager|branch manager|office director|deputy director|team lead|team leader|team leader*|transformation",
    ),
    (
        Operations,
        "warehouse|logistic*|supply chain|supply|procurement|purchas*|buyer|inventory|stock|dispatch*|\
      delivery|courier|driver|fleet|transport*|freight|shipping|customs|forklift|picker|packer|postal|postman|\
      mail|operations|operation|ops|coo|store manager|shop manager|shift|planner|scheduler|expediter",
    ),
    (
        Operations,
        "chef|cook|baker|barista|bartend*|barman|barmaid|waiter|waitress|server|waiting|kitchen|catering|\
      caterer|restaurant|hotel|hospitality|housekeep*|concierge|front desk|receptionist|night porter|porter|\
      sommelier|cafe|café|bar|pub|butcher|fishmonger|florist|cabin crew|flight attendant|steward*|airline|\
      pilot|train|rail*|bus|tram|tour guide|event*|venue",
    ),
    (
        Operations,
        "cleaner|cleaning|caretaker|janitor|security guard|security officer|security|guard|gardener|\
      landscap*|farm*|agricultur*|fisher*|technician|installer|operator|repair*|locksmith|tailor|seamstress|\
      hairdress*|barber|beautician|beauty|mover|removal*|miner|oil rig|rig|wind turbine|telecom*|lift engineer|\
      quality|lean|continuous improvement|health and safety|safety|firefighter|fire fighter|police*|prison*|soldier|\
      office manager|office administrator|administrative|administrator|admin|executive assistant|personal assistant|\
      secretary|clerk|coordinator|data entry",
    ),
    (
        Data,
        "data|analyst|scientist|researcher|mathematic*|economist|physicist|chemist|biolog*|geolog*|survey",
    ),
    (
        Management,
        "manager|director|head of|vp|vice president|president|supervisor|executive|leader|lead|\
      chief|principal|partner|boss",
    ),
    (Engineering, "engineering|technology|tech|it|computer science|computing"),
    (Sales, "sell*|vendor|customer|client|account|crm"),
    (Finance, "law|bank|insurance|economics|bursar|pension*|budget"),
    (Product, "design|creative"),
    (Care, "medicine|caring"),
    (Teaching, "training"),
    (Operations, "crew|trade|apprentice"),
    (Engineering, "dev|web|network*"),
    (Management, "management|scrum|pmo"),
];

/// The trade that a role belongs to; [`RoleFamily::General`] when its title does not say.
pub fn family_of(role: &str) -> RoleFamily {
    let lower = role.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let found = |phrase: &str| {
        let phrase: Vec<&str> = phrase.split_whitespace().collect();
        words.windows(phrase.len()).any(|at| at.iter().zip(&phrase).all(|(word, wanted)| is(word, wanted)))
    };
    RULES.iter().find(|(_, phrases)| phrases.split('|').any(found)).map_or(General, |(family, _)| *family)
}

fn is(word: &str, wanted: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == wanted || word.strip_suffix('s') == Some(wanted),
    }
}
