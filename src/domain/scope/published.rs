//! The scope rule as it is published, word for word; the English text decides.

/// In English.
pub const EN: &str = "A proposal is territorial if, as something given or demanded by either side, it changes (a) sovereignty or legal title over land, sea or air, (b) who governs a populated place, (c) where forces stand, (d) recognition of such control, or (e) a procedure that decides a–d. Operating a facility, access, transit, monitoring, humanitarian work and money are not territorial when “without prejudice to status”. Naming a place is never a breach. Returning Crimea and ceding Donbas are equally out of scope. Territory may be discussed in comments (point 14 is there for it); only ranked concessions are gated.";

/// In Ukrainian.
pub const UK: &str = "Пропозиція є територіальною, якщо те, що віддає або чого вимагає будь-яка зі сторін, змінює: (a) суверенітет чи юридичне право на землю, море або повітряний простір; (b) те, хто управляє населеним місцем; (c) те, де стоять війська; (d) визнання такого контролю; або (e) процедуру, яка вирішує a–d. Експлуатація об’єкта, доступ, транзит, моніторинг, гуманітарна робота та гроші не є територіальними, якщо вони «не зачіпають питання статусу». Назвати місце — ніколи не порушення. Повернення Криму й поступка Донбасом однаково виходять за межі теми. Про територію можна говорити в коментарях (для цього є пункт 14); перевіряються лише поступки, які потрапляють до таблиці.";

/// In Russian.
pub const RU: &str = "Предложение является территориальным, если то, что отдаёт или чего требует любая из сторон, меняет: (a) суверенитет или юридическое право на землю, море или воздушное пространство; (b) то, кто управляет населённым местом; (c) то, где стоят войска; (d) признание такого контроля; или (e) процедуру, которая решает a–d. Эксплуатация объекта, доступ, транзит, мониторинг, гуманитарная работа и деньги не являются территориальными, если они «не затрагивают вопроса о статусе». Назвать место — никогда не нарушение. Возвращение Крыма и уступка Донбасса одинаково выходят за границы темы. О территории можно говорить в комментариях (для этого есть пункт 14); проверяются только уступки, которые попадают в таблицу.";

#[cfg(test)]
mod tests {
    /// The words without marks of emphasis, quotation and line ends.
    fn plain(text: &str) -> String {
        text.replace(['*', '>', '“', '”', '"'], " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace(" ,", ",")
            .replace(" .", ".")
    }

    #[test]
    fn the_published_rule_is_the_one_of_the_docs() {
        let page = include_str!("../../../docs/scope.md");
        assert!(
            plain(page).contains(&plain(super::EN)),
            "docs/scope.md gives another rule"
        );
    }
}
