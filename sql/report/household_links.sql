-- One row a household of dibao and one of the register that share a linked person.
--
-- key: dibao_household, register_household
-- column: dibao_household the dibao roll's key of the household
-- column: register_household the register's key of the household
-- column: dibao_members members on the dibao roll
-- column: register_members members on the register
-- column: common_members members linked to each other
-- column: state same, split, merged, moved, head_changed, member_missing, member_extra
-- column: decision linked or review

select dibao_household, register_household, dibao_members, register_members, common_members, state, decision
from link.household_links
