fn main() {
    let paths: Vec<std::path::PathBuf> = std::env::args_os().skip(2).map(Into::into).collect();
    let corpus = doppelt::corpus::Corpus::open(&paths, Default::default()).unwrap();
    let find = if std::env::args().nth(1).unwrap() == "docs" { doppelt::scan::Find::DOCUMENTS } else { doppelt::scan::Find::ALL };
    let outcome = doppelt::scan::Scan::new().find(find).run(&corpus, &doppelt::corpus::Silent).unwrap();
    println!("left\tright\tjaccard\tcontainment");
    for p in &outcome.pairs {
        let id = |d: u32| outcome.id(doppelt::corpus::DocId(d));
        let (a, b) = (id(p.left).min(id(p.right)), id(p.left).max(id(p.right)));
        println!("{a}\t{b}\t{:.6}\t{:.6}", p.overlap.jaccard(), p.overlap.containment());
    }
    eprintln!("{} docs {} pairs {} clusters {} split {}", outcome.documents.ids.len(), outcome.pairs.len(), outcome.clusters.len(), outcome.split_buckets, outcome.digest);
    for rule in doppelt::finding::Rule::ALL { eprintln!("{} {}", rule.name(), outcome.count(rule)); }
}
